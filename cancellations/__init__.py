"""Why an order ended: the reason catalogue, the cancellation records, refunds, contests."""
