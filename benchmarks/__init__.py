"""What is measured, and how; README.md beside it has the results."""
