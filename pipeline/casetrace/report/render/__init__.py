"""From display objects to a notebook and from there to HTML, PDF and DOCX."""
