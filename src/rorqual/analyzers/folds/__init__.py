"""What sees every byte."""
