package io.aisle.batch.generate;

import io.aisle.core.product.CategoryPath;
import java.util.List;
import java.util.Set;

/**
 * The truth behind one generated line. The fields are as written, faults and all; where the line is broken, as they would have
 * been written.
 *
 * @param index the row's place in the catalog, from 0
 * @param asin ten characters
 * @param brand empty where missing, as are the lists
 * @param category what the product is
 * @param label the category that the line states; another one under {@link Fault#WRONG_LABEL}
 * @param isOrderDecided whether only the order of words tells the class from its partner
 * @param source index of the earlier row that this one repeats, or -1
 */
public record GeneratedRow(
        long index,
        String asin,
        String title,
        String brand,
        List<String> description,
        List<String> feature,
        CategoryPath category,
        CategoryPath label,
        boolean isOrderDecided,
        Set<Fault> faults,
        long source,
        Breakage breakage) {
    public GeneratedRow {
        description = List.copyOf(description);
        feature = List.copyOf(feature);
        faults = Set.copyOf(faults);
    }

    public boolean has(Fault fault) {
        return faults.contains(fault);
    }
}
