"""What is learned from and measured by: simulator, footage, published data sets, clips on disk."""
