"""What the API takes and gives, by theme: the models that check bodies are those of the document."""
