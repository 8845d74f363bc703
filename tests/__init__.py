"""Behaviour, sentence by sentence."""
