"""Reading what a diagnosis goes by: a bounded number of single answers, their headers included. It cannot write."""
