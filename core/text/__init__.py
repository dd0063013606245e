"""Text as it is compared and counted: normal form, words, sentences, spelling."""
