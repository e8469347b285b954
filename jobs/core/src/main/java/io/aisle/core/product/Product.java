package io.aisle.core.product;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * One catalog record. No field is ever null; a field that the catalog does not give is empty.
 *
 * @param id what the catalog calls the product, never empty
 * @param feature the feature bullets, joined by one space
 */
public record Product(String id, String title, String brand, String description, String feature)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public Product {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(brand, "brand");
        requireNonNull(description, "description");
        requireNonNull(feature, "feature");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("Cannot name a product: found an empty id");
        }
    }

    /** The text of one field. */
    public String field(ProductField field) {
        return switch (field) {
            case TITLE -> title;
            case BRAND -> brand;
            case DESCRIPTION -> description;
            case FEATURE -> feature;
        };
    }
}
