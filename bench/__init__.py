"""The product beside what people would use instead, over the same labelled pairs."""
