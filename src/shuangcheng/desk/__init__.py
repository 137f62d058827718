"""The desk: attachments, imports with progress, the search index, notices."""
