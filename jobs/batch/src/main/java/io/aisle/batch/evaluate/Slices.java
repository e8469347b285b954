package io.aisle.batch.evaluate;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** Parts of the rows that a model may find harder than others: each row is in several. */
final class Slices implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The most characters of each part but the last. */
    private static final long[] LENGTHS = {50, 150, 500, 2_000};
    /** The largest classes that hold this share of the rows are head, those that hold the next, body. */
    private static final double HEAD = 0.5;

    private static final double BODY = 0.9;
    private static final List<String> SIZES = List.of("head", "body", "tail");

    private final ArrayList<Slice> slices = new ArrayList<>();
    private final int noneMissing;
    private final int lengths;
    private final int sizes;
    private final int brands;
    private final int[] sizeOfLabel;
    private final int[] depthOfLabel;

    /**
     * One part.
     *
     * @param group what tells the parts apart
     * @param name which part
     */
    record Slice(String group, String name) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The parts of what a model is measured on.
     *
     * @param support measured rows of each label; what tells large classes from small ones where the bundle does not say how many train
     *     rows each had
     */
    Slices(ModelBundle bundle, long[] support) {
        slices.add(new Slice("all", "all rows"));
        ProductRows.TEXT_COLUMNS.forEach(field -> slices.add(new Slice("field", field + " missing")));
        noneMissing = add("field", "none missing");
        lengths = slices.size();
        for (int part = 0; part <= LENGTHS.length; part++) {
            add("text length", length(part));
        }
        sizes = slices.size();
        SIZES.forEach(size -> add("class size", size));
        long[] rows = hasTrainRows(bundle)
                ? bundle.manifest().training().trainRows().stream()
                        .mapToLong(Long::longValue)
                        .toArray()
                : support;
        sizeOfLabel = sizes(rows);
        brands = slices.size();
        if (remembersBrands(bundle)) {
            add("brand", "seen in training");
            add("brand", "not seen in training");
        }
        depthOfLabel = depths(bundle.labels());
    }

    private int add(String group, String name) {
        slices.add(new Slice(group, name));
        return slices.size() - 1;
    }

    private static String length(int part) {
        return part == 0
                ? "up to " + LENGTHS[0] + " characters"
                : part == LENGTHS.length
                        ? String.format(Locale.ROOT, "more than %,d characters", LENGTHS[part - 1])
                        : String.format(Locale.ROOT, "%,d to %,d characters", LENGTHS[part - 1] + 1, LENGTHS[part]);
    }

    private static boolean hasTrainRows(ModelBundle bundle) {
        return bundle.manifest().training().trainRows().size()
                == bundle.labels().size();
    }

    private static boolean remembersBrands(ModelBundle bundle) {
        return bundle.manifest().files().containsKey(ModelBundle.SEEN_FILE);
    }

    private static int[] sizes(long[] rows) {
        int[] largestFirst = IntStream.range(0, rows.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer label) -> rows[label]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        double all = Arrays.stream(rows).sum();
        int[] sizes = new int[rows.length];
        long before = 0;
        for (int label : largestFirst) {
            sizes[label] = before < HEAD * all ? 0 : before < BODY * all ? 1 : 2;
            before += rows[label];
        }
        return sizes;
    }

    /** The slice of each label's depth; nothing where all are equally deep. */
    private int[] depths(List<CategoryPath> labels) {
        Map<Integer, Integer> sliceOfDepth = new TreeMap<>();
        labels.forEach(label -> sliceOfDepth.put(label.depth(), 0));
        if (sliceOfDepth.size() < 2) {
            return new int[0];
        }
        sliceOfDepth.replaceAll((depth, ignored) -> add("depth of the category", "level " + depth));
        return labels.stream()
                .mapToInt(label -> sliceOfDepth.get(label.depth()))
                .toArray();
    }

    /** All of them, in the order of their numbers. */
    List<Slice> all() {
        return List.copyOf(slices);
    }

    /**
     * The numbers of those that a row is in.
     *
     * @param row with the columns of {@link KeptProducts}
     * @param label that the row's truth counts for
     */
    List<Integer> of(Row row, int label) {
        List<Integer> in = new ArrayList<>(List.of(0));
        int missing = row.getAs(KeptProducts.MISSING);
        for (int field = 0; field < ProductRows.TEXT_COLUMNS.size(); field++) {
            if ((missing & 1 << field) != 0) {
                in.add(1 + field);
            }
        }
        if (missing == 0) {
            in.add(noneMissing);
        }
        in.add(lengths + part(row.getAs(KeptProducts.CHARACTERS)));
        in.add(sizes + sizeOfLabel[label]);
        Boolean hasSeenBrand = row.getAs(KeptProducts.HAS_SEEN_BRAND);
        if (hasSeenBrand != null) {
            in.add(hasSeenBrand ? brands : brands + 1);
        }
        if (depthOfLabel.length > 0) {
            in.add(depthOfLabel[label]);
        }
        return in;
    }

    private static int part(long characters) {
        int part = 0;
        while (part < LENGTHS.length && characters > LENGTHS[part]) {
            part++;
        }
        return part;
    }

    /** What a seen brand is; null where the bundle does not remember. */
    static String brandsInWords(ModelBundle bundle) {
        return remembersBrands(bundle)
                ? "A brand is seen where a train row had it; about one in a hundred others is taken for seen. Rows without a brand are in"
                        + " neither part."
                : null;
    }

    /** What head, body and tail are. */
    static String sizesInWords(ModelBundle bundle) {
        return String.format(
                Locale.ROOT,
                "Head are the largest classes that together have %.0f%% of the %s rows, body those up to %.0f%%, tail the others.",
                100 * HEAD,
                hasTrainRows(bundle) ? "train" : "evaluated",
                100 * BODY);
    }
}
