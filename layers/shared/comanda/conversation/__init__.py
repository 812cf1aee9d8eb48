"""What the shop says: mails, customers' pages, and the words for both in Spanish and English."""
