package io.aisle.batch.evaluate;

import io.aisle.batch.measure.Truths;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a record's label means to two models whose labels differ: the classes in which both can be judged.
 *
 * <p>Truths are numbered: first the candidate's (see {@link Truths}), then what only the champion knows. Where either model folds one
 * label into another, the two are one class, in the truth and in both models' answers: neither gains by the coarser label nor loses by
 * the finer. A truth that one model has no label for is a class of its own, and whatever that model answers is an error.
 */
final class SharedTruths implements Serializable {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, Integer> numbers = new HashMap<>();
    private final LinkedHashMap<String, Integer> classes = new LinkedHashMap<>();
    private final int[] classOfTruth;
    private final int[] candidateLabels;
    private final int[] championLabels;

    SharedTruths(ModelBundle candidate, ModelBundle champion) {
        Truths ofCandidate = new Truths(candidate);
        Truths ofChampion = new Truths(champion);
        LinkedHashMap<String, Integer> truths = new LinkedHashMap<>();
        ofCandidate.paths().forEach(path -> truths.putIfAbsent(path, truths.size()));
        ofChampion.paths().forEach(path -> truths.putIfAbsent(path, truths.size()));
        Map<String, String> candidateFolds = ofCandidate.folds();
        Map<String, String> championFolds = ofChampion.folds();
        classOfTruth = truths.keySet().stream()
                .mapToInt(path -> {
                    String common = common(path, candidateFolds, championFolds);
                    classes.putIfAbsent(common, classes.size());
                    return classes.get(common);
                })
                .toArray();
        numbers.putAll(truths);
        candidateLabels = truthsOf(candidate.labels());
        championLabels = truthsOf(champion.labels());
    }

    /** Follows both models' folds to their end. */
    private static String common(String path, Map<String, String> candidate, Map<String, String> champion) {
        String at = path;
        for (int folds = candidate.size() + champion.size(); folds >= 0; folds--) {
            String byCandidate = candidate.getOrDefault(at, at);
            String next = champion.getOrDefault(byCandidate, byCandidate);
            if (next.equals(at)) {
                return at;
            }
            at = next;
        }
        throw new UserException("Cannot compare two models: found that one folds " + path + " into " + at
                + " and the other the other way round, expected folds that lead to one label. Prepare the candidate's"
                + " data with the champion's --min-class-size, and train it again.");
    }

    private int[] truthsOf(List<CategoryPath> labels) {
        return labels.stream().mapToInt(label -> numbers.get(label.toString())).toArray();
    }

    /** The number of each path that either model knows. */
    Map<String, Integer> numbers() {
        return numbers;
    }

    /** What the classes are called, by number. */
    List<String> classes() {
        return List.copyOf(classes.keySet());
    }

    /** The class of each truth, int[truths]. */
    int[] classOfTruth() {
        return classOfTruth;
    }

    /** The truth that each of the candidate's labels names, int[labels]. */
    int[] candidateLabels() {
        return candidateLabels;
    }

    /** The truth that each of the champion's labels names, int[labels]. */
    int[] championLabels() {
        return championLabels;
    }
}
