"""What runs plan, leave alone and make of it, as rows and sentences."""
