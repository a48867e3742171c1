"""Arabic month names, Western digits as elsewhere on the page, the 24-hour clock."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y، H:i"
MONTH_DAY_FORMAT = "j F"
DECIMAL_SEPARATOR = "."  # as amounts have it beside these numbers
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3  # else the separator stands nowhere
