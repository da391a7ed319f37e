"""保守点検: the monthly inspection of the system's equipment (002-02…16)."""
