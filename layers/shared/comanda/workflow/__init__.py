"""The order's execution in Step Functions: it waits, DynamoDB knows."""
