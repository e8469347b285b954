package io.aisle.batch.evaluate;

import static io.aisle.batch.HandMadeBundle.LABELS;
import static io.aisle.batch.HandMadeBundle.LAMPS;
import static io.aisle.batch.HandMadeBundle.OTHER_TOOLS;
import static io.aisle.batch.HandMadeBundle.TEA;

import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.HandMadeBundle.Variant;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A champion and candidates whose answers on 300 products of one word each can be worked out by hand.
 *
 * <pre>
 * word   rows  truth          champion   forgetful   ruinous
 * tea     100  Tea            Tea        Tea         Tea
 * lamp     70  Lamps          Lamps      Lamps       Lamps
 * mate     30  Lamps          Tea        Tea         Lamps
 * drill    84  Tools > other  Tools      Tools       Tools
 * saw       8  Tools > other  Tools      Tea (1/3)   Tea
 * bit       8  Tools > other  Tools      Tools       Tea
 * </pre>
 *
 * Confidence is 8/9 at sharpness 1. F1 = 2TP / (support + named): the champion's are 200/230, 140/170 and 1.
 */
final class GateModels {
    static final CategoryPath GNOMES = CategoryPath.of("Garden", "Gnomes");
    static final CategoryPath OTHER = CategoryPath.of("other");

    private static final Map<String, CategoryPath> CHAMPION = Map.of(
            "tea", TEA, "lamp", LAMPS, "mate", TEA, "drill", OTHER_TOOLS, "saw", OTHER_TOOLS, "bit", OTHER_TOOLS);
    private static final Map<String, String> TRAINED = Map.of("prepare.split_seed", "42", "prepare.split", "[0, 0, 1]");

    private GateModels() {}

    static ModelBundle champion(Path directory) {
        return write(directory, LABELS, Map.of(), CHAMPION, 1);
    }

    /** As the champion, and nothing else. */
    static ModelBundle overconfident(Path directory) {
        return write(directory, LABELS, Map.of(), CHAMPION, 3);
    }

    /** Right everywhere, and sure of it. */
    static ModelBundle better(Path directory) {
        return write(directory, LABELS, Map.of(), changed(Map.of("mate", LAMPS)), 3);
    }

    /** Does not know the word saw: answers the first label, unsure. */
    static ModelBundle forgetful(Path directory) {
        Map<String, CategoryPath> words = new HashMap<>(CHAMPION);
        words.remove("saw");
        return write(directory, LABELS, Map.of(), words, 1);
    }

    /** Much better at two classes, worse at the third; as sure as it is right, 284 times of 300. */
    static ModelBundle ruinous(Path directory) {
        return write(directory, LABELS, Map.of(), changed(Map.of("mate", LAMPS, "saw", TEA, "bit", TEA)), 1.29);
    }

    /** Answers as the champion does, but calls all tools other. */
    static ModelBundle coarser(Path directory) {
        return write(
                directory,
                List.of(TEA, LAMPS, OTHER),
                Map.of(OTHER_TOOLS, OTHER),
                changed(Map.of("drill", OTHER, "saw", OTHER, "bit", OTHER)),
                1);
    }

    /** As the champion, and knows gnomes; of four labels a word alone gives 0.91. */
    static ModelBundle broader(Path directory) {
        List<CategoryPath> labels = new ArrayList<>(LABELS);
        labels.add(GNOMES);
        return write(directory, labels, Map.of(), changed(Map.of("gnome", GNOMES)), 1.24);
    }

    static ModelBundle trainedWith(Path directory, Map<String, String> parameters) {
        return HandMadeBundle.write(directory, new Variant(LABELS, Map.of(), CHAMPION, List.of(), 1, parameters));
    }

    private static Map<String, CategoryPath> changed(Map<String, CategoryPath> changes) {
        Map<String, CategoryPath> words = new HashMap<>(CHAMPION);
        words.putAll(changes);
        return words;
    }

    private static ModelBundle write(
            Path directory,
            List<CategoryPath> labels,
            Map<CategoryPath, CategoryPath> folds,
            Map<String, CategoryPath> words,
            double sharpness) {
        return HandMadeBundle.write(directory, new Variant(labels, folds, words, List.of(), sharpness, TRAINED));
    }

    /** The 300 products, as raw records. */
    static List<String> products() {
        List<String> lines = new ArrayList<>();
        add(lines, "tea", 100, TEA);
        add(lines, "lamp", 70, LAMPS);
        add(lines, "mate", 30, LAMPS);
        add(lines, "drill", 84, OTHER_TOOLS);
        add(lines, "saw", 8, OTHER_TOOLS);
        add(lines, "bit", 8, OTHER_TOOLS);
        return lines;
    }

    static void add(List<String> lines, String word, int rows, CategoryPath truth) {
        for (int row = 0; row < rows; row++) {
            lines.add("{\"asin\": \"%s%d\", \"title\": \"%s\", \"category\": [\"%s\"]}"
                    .formatted(word, row, word, String.join("\", \"", truth.names())));
        }
    }
}
