"""What operators do: pause and resume, look after what failed, and see who did what."""
