package io.aisle.batch.generate;

import java.util.List;

/** What a shop says of a product, before any fault. Description and feature may be empty lists. */
record Listing(
        Leaf leaf, String title, String brand, List<String> description, List<String> feature, boolean isOrderDecided) {
    Listing withTitle(String reworded) {
        return new Listing(leaf, reworded, brand, description, feature, isOrderDecided);
    }
}
