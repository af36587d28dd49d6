"""The training room: exercises made by a program in, pebble out. Nothing here is needed to run a model."""
