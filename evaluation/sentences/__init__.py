"""Which sentence is marked: common questions, and the sentences that answer them."""
