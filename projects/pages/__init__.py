"""What the pages of one đề án, contract or establishment show, gathered and worded; no request, no HTML."""
