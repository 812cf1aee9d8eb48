"""What payment providers pay out to the bank: kept, tied to orders and their ledgers, differences named."""
