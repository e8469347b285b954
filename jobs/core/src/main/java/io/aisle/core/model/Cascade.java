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
    private final float temperature;

    /** Closes both with itself. */
    Cascade(Classifier first, Classifier second, double threshold, float temperature) {
        this.first = first;
        this.second = second;
        this.threshold = threshold;
        this.temperature = temperature;
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
        logits.replaceAll(this::divided);
        return logits;
    }

    /** A copy, since products may share what either of the two gave. */
    private float[] divided(float[] logits) {
        float[] divided = new float[logits.length];
        for (int label = 0; label < divided.length; label++) {
            divided[label] = logits[label] / temperature;
        }
        return divided;
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
