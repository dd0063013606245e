"""What several measures share: options, results, processes, the page as a process, visitors."""
