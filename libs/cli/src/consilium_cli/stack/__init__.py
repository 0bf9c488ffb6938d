"""What `consilium up` runs: the local servers, the services, and what watches over them."""
