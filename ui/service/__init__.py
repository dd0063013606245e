"""What every page uses: settings, the index, the notices."""
