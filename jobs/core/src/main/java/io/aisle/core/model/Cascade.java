package io.aisle.core.model;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.List;

/** Asks a second classifier of the same labels about the products of which the first is not sure. */
final class Cascade implements Classifier {
    private final Classifier first;
    private final Classifier second;
    private final double threshold;
    private final Scaling scaling;

    /** Closes both with itself. */
    Cascade(Classifier first, Classifier second, double threshold, Scaling scaling) {
        this.first = first;
        this.second = second;
        this.threshold = threshold;
        this.scaling = scaling;
    }

    @Override
    public List<CategoryPath> labels() {
        return first.labels();
    }

    @Override
    public List<float[]> logits(List<Product> cleanedProducts) {
        List<float[]> logits = new ArrayList<>(first.logits(cleanedProducts));
        List<Integer> unsure = new ArrayList<>();
        for (int i = 0; i < logits.size(); i++) {
            if (Softmax.greatest(logits.get(i)) < threshold) {
                unsure.add(i);
            }
        }
        if (!unsure.isEmpty()) {
            List<float[]> answers =
                    second.logits(unsure.stream().map(cleanedProducts::get).toList());
            for (int i = 0; i < answers.size(); i++) {
                logits.set(unsure.get(i), answers.get(i));
            }
        }
        logits.replaceAll(scaling::of);
        return logits;
    }

    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
