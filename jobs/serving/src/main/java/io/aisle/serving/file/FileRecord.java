package io.aisle.serving.file;

import io.aisle.core.product.Product;
import java.util.Optional;

/**
 * One record of a file.
 *
 * @param id as far as it is known, else empty
 * @param product empty where the record cannot be used
 * @param error why it cannot be used, else empty
 */
public record FileRecord(String id, Optional<Product> product, String error) {
    static FileRecord of(Product product) {
        return new FileRecord(product.id(), Optional.of(product), "");
    }

    static FileRecord unusable(String id, String error) {
        return new FileRecord(id, Optional.empty(), error);
    }
}
