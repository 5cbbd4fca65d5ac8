"""Places and figures to compare with: postcodes, small areas, deprivation, published figures."""
