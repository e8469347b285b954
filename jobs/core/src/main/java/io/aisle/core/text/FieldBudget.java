package io.aisle.core.text;

import static java.util.Objects.requireNonNull;

import io.aisle.core.UserException;
import io.aisle.core.product.ProductField;
import java.io.Serializable;

/**
 * A field of a {@link TextRecipe} and its share of the tokens.
 *
 * @param share above 0; only its proportion to the other fields' shares counts
 */
public record FieldBudget(ProductField field, double share) implements Serializable {
    private static final long serialVersionUID = 1L;

    public FieldBudget {
        requireNonNull(field, "field");
        if (!(share > 0) || Double.isInfinite(share)) {
            throw new UserException("Cannot give field " + field.key() + " a share of the tokens: found " + share
                    + ", expected a number above 0; leave the field out to give it none");
        }
    }
}
