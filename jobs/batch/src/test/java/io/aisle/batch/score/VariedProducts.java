package io.aisle.batch.score;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.batch.TestSession;
import io.aisle.batch.generate.CatalogGenerator;
import io.aisle.batch.generate.GeneratedRow;
import io.aisle.batch.generate.GeneratorPlan;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Products of every kind that a catalog may hold: generated ones, hand-picked odd ones, and random Unicode. */
final class VariedProducts {
    private static final String[] ODD = {
        "Lamp",
        "7",
        "Q",
        "é",
        "wi-fi $9.99 (2-pack) don't",
        "Lamp [SEP] with [CLS] literal [MASK] tokens [PAD] [UNK]",
        "【限定】 Ｆｕｌｌｗｉｄｔｈ ［ＳＥＰ］ lamp",
        "緑茶 100g 静岡産 お茶",
        "고급 녹차 티백 20개",
        "Набор отвёрток 24 шт.",
        "سماعات لاسلكية ٣٠",
        "Ελαιόλαδο ΨΥΧΡΗΣ ΈΚΘΛΙΨΗΣ",
        "हिन्दी चाय",
        "Party balloons 🎈🎉 pack of 50",
        "1 🦄",
        "zero\u200Bwidth soft\u00ADhyphen no\u00A0break \uFEFFmark",
        "e\u0301 and \u00E9, \u0130stanbul, \u1E9E, ﬁne ﬂour",
        "ｶﾞｷﾞｸﾞ half width",
        "a".repeat(120) + " overlong word",
        "aisle7 aisle1020 token words written by a shop",
        "tab\tand\nline\r\nbreak",
        "&lt;b&gt;bold&lt;/b&gt; &amp; <i>plain</i>",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 family 1",
        "x\uFFFDy",
        "##piece #1 ##2",
    };

    private VariedProducts() {}

    /** So many generated products, the odd ones, and 60 of random characters; each with some text, cleaned. */
    static List<Product> clean(TextRecipe recipe, int generated) {
        List<Product> products = new ArrayList<>();
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(generated, 24, 99));
        for (int i = 0; i < generated; i++) {
            GeneratedRow row = generator.row(i);
            products.add(recipe.clean(new Product(
                    "generated-" + i,
                    row.title(),
                    row.brand(),
                    String.join(" ", row.description()),
                    String.join(" ", row.feature()))));
        }
        products.addAll(oddOnes(recipe));
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            products.add(recipe.clean(
                    new Product("random-" + i, "a" + characters(random), characters(random), characters(random), "")));
        }
        return products;
    }

    /** Each odd text as the title, as the brand, and again and again as the description. */
    static List<Product> oddOnes(TextRecipe recipe) {
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < ODD.length; i++) {
            products.add(recipe.clean(new Product("title-" + i, ODD[i], "", "", "")));
            products.add(recipe.clean(
                    new Product("long-" + i, ODD[i], ODD[(i + 1) % ODD.length], (ODD[i] + " ").repeat(80), "x")));
        }
        return products;
    }

    private static String characters(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60);
        while (text.length() < length) {
            int codePoint = random.nextInt(4) == 0 ? random.nextInt(0x1F000, 0x1FA00) : random.nextInt(0x20, 0x3100);
            if (Character.isDefined(codePoint)) {
                text.appendCodePoint(random.nextInt(5) == 0 ? ' ' : codePoint);
            }
        }
        return text.toString();
    }

    /** Rows in so many partitions, in order. */
    static Dataset<Row> rows(List<Product> products, int partitions) {
        List<Row> rows = products.stream()
                .map(product -> RowFactory.create(
                        product.id(),
                        product.title(),
                        product.brand(),
                        product.description(),
                        product.feature(),
                        TextRecipe.standard().contentHash(product)))
                .toList();
        StructType schema = new StructType();
        for (String name : List.of("id", "title", "brand", "description", "feature", "content_hash")) {
            schema = schema.add(name, "string");
        }
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(TestSession.get().sparkContext());
        return TestSession.get().createDataFrame(context.parallelize(rows, partitions), schema);
    }

    /** A catalog of JSON lines. */
    static Path write(Path file, List<Product> products) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (Product product : products) {
            ObjectNode line = mapper.createObjectNode()
                    .put("id", product.id())
                    .put("title", product.title())
                    .put("brand", product.brand())
                    .put("description", product.description())
                    .put("feature", product.feature());
            lines.add(mapper.writeValueAsString(line));
        }
        return Files.write(file, lines);
    }
}
