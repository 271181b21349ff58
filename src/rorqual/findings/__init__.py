"""What is said: records, their order, the journal, the ledger, the report and its schema."""
