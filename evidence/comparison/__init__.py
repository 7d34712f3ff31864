"""What TWO readings say."""
