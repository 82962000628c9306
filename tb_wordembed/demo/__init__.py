"""The demo: a Keras classifier of movie reviews, trained and logged."""
