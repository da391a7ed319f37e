"""Microsoft Teams as the product meets it: signed activities in, the Bot Connector out, people at a screen."""
