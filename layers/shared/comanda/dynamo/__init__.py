"""The one way to DynamoDB: rows, one shared client, labelled transactions."""
