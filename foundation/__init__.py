"""What every room stands on and none of them owns: constraints, text, money, rows, headers, logs."""
