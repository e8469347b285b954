package io.aisle.batch.evaluate;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.batch.score.Scoring;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What is kept of each scored product, to say afterwards where a model is right: little, since all of them go to disk. */
final class KeptProducts {
    static final String ID = "id";
    /** Cut, for people. */
    static final String TITLE = "title";
    /** Bit k is set where field k of {@link ProductRows#TEXT_COLUMNS} is empty. */
    static final String MISSING = "missing";
    /** Of all fields together. */
    static final String CHARACTERS = "characters";
    /** Whether the network reads less than the whole text; null where there is no network. */
    static final String IS_CUT = "is_cut";

    /** Whether a train row had its brand; null where the bundle does not remember, and for a product without a brand. */
    static final String HAS_SEEN_BRAND = "has_seen_brand";

    private static final int TITLE_CHARACTERS = 120;

    private KeptProducts() {}

    /**
     * Rows of (truth, probabilities, the champion's where there are such, and the columns here).
     *
     * @param scored products with truth and probabilities
     */
    static Dataset<Row> of(Dataset<Row> scored, ModelBundle bundle) {
        StructType products = scored.schema();
        StructType kept = products.add(MISSING, DataTypes.IntegerType)
                .add(CHARACTERS, DataTypes.LongType)
                .add(IS_CUT, DataTypes.BooleanType)
                .add(HAS_SEEN_BRAND, DataTypes.BooleanType);
        Cutting ofNetwork = Cutting.of(bundle).orElse(null);
        SeenInTraining remembered = SeenInTraining.of(bundle).orElse(null);
        MapPartitionsFunction<Row, Row> describe = rows -> {
            CutTexts texts = ofNetwork == null ? null : new CutTexts(ofNetwork);
            return Iterators.map(rows, row -> {
                Product product = ProductRows.product(row);
                Row described = ProductRows.append(row, missing(product), kept);
                described = ProductRows.append(described, ProductRows.characters(row), kept);
                described = ProductRows.append(described, texts == null ? null : texts.isCut(row, product), kept);
                return ProductRows.append(described, hasSeenBrand(remembered, product), kept);
            });
        };
        List<Column> columns = new ArrayList<>(List.of(col("truth"), col(Scoring.PROBABILITIES)));
        if (List.of(products.fieldNames()).contains(Comparison.CHAMPION)) {
            columns.add(col(Comparison.CHAMPION));
        }
        columns.addAll(List.of(
                col(ID),
                col(TITLE).substr(1, TITLE_CHARACTERS + 1).as(TITLE),
                col(MISSING),
                col(CHARACTERS),
                col(IS_CUT),
                col(HAS_SEEN_BRAND)));
        return scored.mapPartitions(describe, Encoders.row(kept)).select(columns.toArray(Column[]::new));
    }

    private static Boolean hasSeenBrand(SeenInTraining seen, Product product) {
        if (seen == null || product.brand().isEmpty()) {
            return null;
        }
        return seen.hasBrand(product.brand());
    }

    private static int missing(Product product) {
        List<String> fields = List.of(product.title(), product.brand(), product.description(), product.feature());
        int missing = 0;
        for (int field = 0; field < fields.size(); field++) {
            missing |= fields.get(field).isEmpty() ? 1 << field : 0;
        }
        return missing;
    }

    /** A title of at most {@value #TITLE_CHARACTERS} characters, and three dots where there was more. */
    static String cut(String title) {
        return title.codePointCount(0, title.length()) <= TITLE_CHARACTERS
                ? title
                : title.substring(0, title.offsetByCodePoints(0, TITLE_CHARACTERS)) + "…";
    }

    /** How a network's texts are cut. */
    private record Cutting(TextRecipe recipe, Vocabulary vocabulary, int maxTokens) implements Serializable {
        private static final long serialVersionUID = 1L;

        static Optional<Cutting> of(ModelBundle bundle) {
            if (!(bundle.manifest().model() instanceof NetworkDefinition)) {
                return Optional.empty();
            }
            BundledNetwork network = bundle.network("measure", "");
            return Optional.of(new Cutting(
                    bundle.recipe(), network.vocabulary(), network.model().maxTokens()));
        }
    }

    /** Whether texts are cut: neighbours are often alike, and are looked at once. */
    private static final class CutTexts {
        private final Cutting cutting;
        private final WordPieceTokenizer tokenizer;
        private String lastText = "";
        private boolean isLastCut;

        CutTexts(Cutting cutting) {
            this.cutting = cutting;
            this.tokenizer = new WordPieceTokenizer(cutting.vocabulary());
        }

        boolean isCut(Row row, Product product) {
            String text = row.getAs("content_hash");
            if (!text.equals(lastText)) {
                lastText = text;
                isLastCut = !cutting.recipe()
                        .fit(product, tokenizer, cutting.maxTokens())
                        .text()
                        .equals(cutting.recipe().text(product));
            }
            return isLastCut;
        }
    }
}
