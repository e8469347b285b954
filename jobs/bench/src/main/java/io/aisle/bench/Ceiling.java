package io.aisle.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.aisle.core.onnx.DistilBertConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The best rate at which ONNX Runtime itself multiplies matrices on this machine, whichever their shape and however the cores share the
 * work: no network that it executes can be faster.
 */
final class Ceiling implements AutoCloseable {
    /** Large enough for every cache to be filled and every block to be full. */
    private static final int SQUARE = 2_048;

    private static final int REPETITIONS = 8;

    private final List<Shape> shapes = new ArrayList<>();
    private final Callers callers;
    private final int threads;

    private Ceiling(int threads) {
        this.threads = threads;
        this.callers = new Callers(threads);
    }

    /**
     * The shapes of a network's projections, and a large square.
     *
     * @param rows tokens of a full batch
     * @param threads of the machine: all of one call, and one of each of as many calls at once
     */
    static Ceiling open(MatrixProduct product, DistilBertConfig config, int rows, int threads) {
        Ceiling ceiling = new Ceiling(threads);
        try {
            for (int[] shape : new int[][] {
                {rows, config.dim(), config.hiddenDim()},
                {rows, config.hiddenDim(), config.dim()},
                {rows, config.dim(), config.dim()},
                {SQUARE, SQUARE, SQUARE}
            }) {
                ceiling.shapes.add(new Shape(product, shape[0], shape[1], shape[2], threads));
            }
            return ceiling;
        } catch (OrtException e) {
            ceiling.close();
            throw new IllegalStateException("Cannot multiply matrices in " + product.precision(), e);
        }
    }

    /** The best of a round, operations a second; the first round warms up. */
    double operationsPerSecond() {
        double best = 0;
        for (Shape shape : shapes) {
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                best = Math.max(best, shape.operations / seconds(() -> shape.run(shape.together)));
            }
            // each caller's products in a row, so that it waits for none
            List<Integer> each = Collections.nCopies(REPETITIONS * threads, 0);
            double alone = seconds(() -> callers.ask(
                    part -> {
                        part.forEach(product -> shape.run(shape.alone));
                        return part;
                    },
                    each));
            best = Math.max(best, shape.operations * each.size() / alone);
        }
        return best;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        callers.close();
        shapes.forEach(Shape::close);
    }

    /** A product of matrices, by all threads and by one. */
    private static final class Shape {
        private final Map<String, OnnxTensor> input;
        private final OrtSession together;
        private final OrtSession alone;
        private final double operations;

        Shape(MatrixProduct product, int rows, int inner, int columns, int threads) throws OrtException {
            input = product.input(rows, inner);
            together = product.open(rows, inner, columns, threads);
            alone = product.open(rows, inner, columns, 1);
            operations = 2.0 * rows * inner * columns;
        }

        void run(OrtSession session) {
            try {
                session.run(input).close();
            } catch (OrtException e) {
                throw new IllegalStateException("Cannot multiply matrices", e);
            }
        }

        void close() {
            try {
                together.close();
                alone.close();
            } catch (OrtException e) {
                throw new IllegalStateException("Cannot end a session", e);
            }
            input.values().forEach(OnnxTensor::close);
        }
    }
}
