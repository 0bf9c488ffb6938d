"""`consilium ask`: a client of the gateway like any other, with a view for the terminal."""
