"""What looks at places that are no format of their own."""
