"""Any file of rows and columns, whoever made it: opened safely, its columns as texts, its dates and codes understood."""
