"""Forms filled in page by page in a browser: by residents themselves, or by staff for somebody who rang or wrote."""
