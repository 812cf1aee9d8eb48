"""What DynamoDB says when the same request may succeed a moment later."""

PASSING = {  # reasons why a transaction was cancelled
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
}
PASSING_ANSWERS = {
    "TransactionInProgressException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
}
