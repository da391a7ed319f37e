"""What has to be remembered of Microsoft Teams: conversations, the cards in them, and attachments to be fetched."""
