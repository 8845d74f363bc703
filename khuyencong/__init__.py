"""The site: configuration, and what every app may use; knows no app."""
