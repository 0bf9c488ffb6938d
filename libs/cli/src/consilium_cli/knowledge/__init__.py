"""Looking at the knowledge as a whole: what is there, what is wrong with it, what has changed."""
