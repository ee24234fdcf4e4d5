"""What is right: our inputs, what the reference program answers to them, and the stand-ins that a function is run among."""
