package io.aisle.core.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProductTest {
    @Test
    void givesEveryFieldByItsName() {
        Product product = new Product("1", "a title", "a brand", "a description", "a feature");

        assertThat(Stream.of(ProductField.values()).map(field -> field.key() + ": " + product.field(field)))
                .containsExactly(
                        "title: a title", "brand: a brand", "description: a description", "feature: a feature");
    }

    @Test
    void refusesAMissingFieldAndAnEmptyId() {
        assertThatThrownBy(() -> new Product("1", "t", null, "d", "f"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("brand");
        assertThatThrownBy(() -> new Product("", "t", "b", "d", "f"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot name a product: found an empty id");
    }
}
