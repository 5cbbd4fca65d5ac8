"""Claims: Housing Benefit and council tax support, brought together into households."""
