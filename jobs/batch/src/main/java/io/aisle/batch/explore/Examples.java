package io.aisle.batch.explore;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The products that stand as examples, by their id, as the report shows them. */
final class Examples {
    private static final int TITLE = 160;

    private final Map<String, Map<String, Object>> products = new HashMap<>();

    private Examples() {}

    /** One Spark job, of rows that were chosen before. */
    static Examples of(Dataset<Row> rows, List<String> ids) {
        Examples examples = new Examples();
        if (ids.isEmpty()) {
            return examples;
        }
        for (Row row : rows.filter(col("id").isInCollection(ids))
                .select("id", "title", "brand", "label", "price")
                .collectAsList()) {
            Map<String, Object> product = new LinkedHashMap<>();
            product.put("id", row.getString(0));
            product.put("title", cut(row.getString(1)));
            product.put("brand", cut(row.getString(2)));
            product.put("label", row.getString(3));
            product.put("price", row.get(4));
            examples.products.put(row.getString(0), product);
        }
        return examples;
    }

    private static String cut(String text) {
        if (text.length() <= TITLE) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(TITLE - 1));
        return text.substring(0, splitsPair ? TITLE - 1 : TITLE) + "…";
    }

    List<Map<String, Object>> of(List<String> ids) {
        return ids.stream().map(products::get).filter(Objects::nonNull).toList();
    }

    /** Two products side by side: {id, title, label, other_id, other_title, other_label}. */
    List<Map<String, Object>> pairs(List<Copies.Pair> pairs) {
        return pairs.stream()
                .map(pair -> {
                    Map<String, Object> one = products.get(pair.id());
                    Map<String, Object> other = products.get(pair.otherId());
                    Map<String, Object> both = new LinkedHashMap<>();
                    for (String key : List.of("id", "title", "label")) {
                        both.put(key, one.get(key));
                        both.put("other_" + key, other.get(key));
                    }
                    return both;
                })
                .toList();
    }
}
