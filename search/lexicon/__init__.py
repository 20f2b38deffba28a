"""The words by which a question, and the thing that answers it, are understood: kept by staff in the database."""
